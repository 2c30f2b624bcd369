// Reading calendars: the events of an iCalendar feed, weeks, and days in a site's time zone.

const DAY_MS = 24 * 60 * 60 * 1000;

const instant = (text) =>
  new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

const plain = (text) => text.replace(/\\n/gi, " ").replace(/\\([,;\\])/g, "$1");

// Events as {start, end, summary, isHeld}; lines are unfolded first.
export const events = (feed) =>
  feed
    .replace(/\r?\n[ \t]/g, "")
    .split("BEGIN:VEVENT")
    .slice(1)
    .map((block) => {
      const value = (name) => block.match(new RegExp(`^${name}[^:\\r\\n]*:(.*)$`, "m"))?.[1].trim() ?? "";
      return {
        start: instant(value("DTSTART")),
        end: instant(value("DTEND")),
        summary: plain(value("SUMMARY")),
        isHeld: value("STATUS") === "TENTATIVE",
      };
    });

export const isoDay = (date) => date.toISOString().slice(0, 10);

export const addDays = (day, count) => isoDay(new Date(Date.parse(day) + count * DAY_MS));

export const monday = (date) => {
  const day = isoDay(date);
  return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
};

// The day (YYYY-MM-DD) on which an instant falls at the site.
export const dayAt = (date, timeZone) =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(date);
