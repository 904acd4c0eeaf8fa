import { type Check, matching } from "./checks.ts";

const time = "([01]\\d|2[0-3]):[0-5]\\d";
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const day = `(${weekdays.join("|")})`;
const minutesOfDay = 24 * 60;

const daily = matching(new RegExp(`^${time}-${time}$`), "a window in UTC as hh:mm-hh:mm", "e.g. 02:00-03:00");
const weekly = matching(new RegExp(`^${day}:${time}-${day}:${time}$`), "a window in UTC as ddd:hh:mm-ddd:hh:mm", "e.g. sun:03:30-sun:04:30");

/** Windows of a managed service in UTC, each with the shortest length in minutes that the service takes. */
export const dailyWindow = (least: number): Check => lasting(least, daily, (window) => span(...dailyParts(window), minutesOfDay));
export const weeklyWindow = (least: number): Check => lasting(least, weekly, (window) => span(...weeklyParts(window), 7 * minutesOfDay));

const lasting =
  (least: number, form: Check, length: (window: string) => number): Check =>
  (value, at) => {
    const wrong = form(value, at);
    if (wrong.length > 0 || length(value as string) >= least) return wrong;
    return [{ path: at, value, rule: `a window of at least ${least} minutes`, fix: "lengthen it" }];
  };

/** Whether a daily and a weekly window meet on any day: the services refuse that. */
export function windowsMeet(dailyOne: string, weeklyOne: string): boolean {
  const [from, to] = dailyParts(dailyOne);
  const [start, end] = weeklyParts(weeklyOne);
  const length = span(from, to, minutesOfDay);
  const days = weekdays.map((_, index) => index * minutesOfDay + from);
  return days.some((begin) => within(begin, start, end) || within(start, begin, (begin + length) % (7 * minutesOfDay)));
}

function dailyParts(window: string): [from: number, to: number] {
  const [from = 0, to = 0] = window.split("-").map(minuteOf);
  return [from, to];
}

function weeklyParts(window: string): [from: number, to: number] {
  const [from = 0, to = 0] = window.split("-").map((at) => weekdays.indexOf(at.slice(0, 3)) * minutesOfDay + minuteOf(at.slice(4)));
  return [from, to];
}

const minuteOf = (at: string) => Number(at.slice(0, 2)) * 60 + Number(at.slice(3, 5));
const span = (from: number, to: number, round: number) => (to - from + round) % round;
const within = (minute: number, from: number, to: number) => span(from, minute, 7 * minutesOfDay) < span(from, to, 7 * minutesOfDay);
