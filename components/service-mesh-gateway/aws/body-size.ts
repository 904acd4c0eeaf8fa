/** A pattern for whole numbers in decimal digits that are greater than this one, for rules that know no numbers. */
export function greaterThan(limit: number): string {
  const digits = String(limit);
  const longer = String.raw`[1-9]\d{${digits.length},}`;
  const larger = [...digits].flatMap((digit, index) => {
    if (digit === "9") return [];
    const rest = digits.length - index - 1;
    const next = Number(digit) + 1;
    return [`${digits.slice(0, index)}${next === 9 ? "9" : `[${next}-9]`}${rest > 0 ? String.raw`\d{${rest}}` : ""}`];
  });
  return `^0*(${[longer, ...larger].join("|")})$`;
}
