// Property tests draw the same inputs in every run, so that a change is what turns a test red. GROUNDPLAN_TEST_SEED draws others:
// `for seed in $(seq 30); do GROUNDPLAN_TEST_SEED=$seed npx vitest run --project unit; done` after a change to a property.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.GROUNDPLAN_TEST_SEED ?? 20_261_121) });
