// Offers times of day as they are written everywhere else: with 24 hours.

const HOURS = [8, 9, 10, 12, 14, 16, 18];

document.addEventListener("DOMContentLoaded", () => {
  const shortcuts = window.DateTimeShortcuts;
  if (!shortcuts) return;
  const [now, midnight] = shortcuts.clockHours.default_;
  const day = HOURS.map((hour) => [`${String(hour).padStart(2, "0")}:00`, hour]);
  shortcuts.clockHours.default_ = [now, midnight, ...day];
});
