import { describeArguments } from "../support/parity/on-ground.ts";

describeArguments("docker");
