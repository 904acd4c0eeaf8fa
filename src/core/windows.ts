import { type Check, matching } from "./checks.ts";

const time = "([01]\\d|2[0-3]):[0-5]\\d";
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const day = `(${weekdays.join("|")})`;
const minutesOfDay = 24 * 60;

/** Windows of a managed service, in UTC. */
export const dailyWindow: Check = matching(new RegExp(`^${time}-${time}$`), "a window in UTC as hh:mm-hh:mm", "e.g. 02:00-03:00");
export const weeklyWindow: Check = matching(
  new RegExp(`^${day}:${time}-${day}:${time}$`),
  "a window in UTC as ddd:hh:mm-ddd:hh:mm",
  "e.g. sun:03:30-sun:04:30",
);

/** Whether a daily and a weekly window meet on any day: the services refuse that. */
export function windowsMeet(daily: string, weekly: string): boolean {
  const [from = 0, to = 0] = daily.split("-").map(minuteOf);
  const [start = 0, end = 0] = weekly.split("-").map((at) => weekdays.indexOf(at.slice(0, 3)) * minutesOfDay + minuteOf(at.slice(4)));
  const length = span(from, to, minutesOfDay);
  const days = weekdays.map((_, index) => index * minutesOfDay + from);
  return days.some((begin) => within(begin, start, end) || within(start, begin, (begin + length) % (7 * minutesOfDay)));
}

const minuteOf = (at: string) => Number(at.slice(0, 2)) * 60 + Number(at.slice(3, 5));
const span = (from: number, to: number, round: number) => (to - from + round) % round;
const within = (minute: number, from: number, to: number) => span(from, minute, 7 * minutesOfDay) < span(from, to, 7 * minutesOfDay);
