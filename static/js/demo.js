// The demo application: browse, see calendars, book and register by the public API alone.

import { call, hasToken, onCall, useToken } from "./demo_api.js";
import { addDays, dayAt, events, monday } from "./demo_calendar.js";

const MOST_LENGTHS = 16;
const LANGUAGE = document.documentElement.lang === "fr" ? "fr-FR" : "en-IE";
const app = document.querySelector("[data-demo]");
const find = (name) => app.querySelector(`[data-demo-${name}]`);
const words = Object.fromEntries(
  [...document.querySelector("[data-demo-words]").content.querySelectorAll("[data-word]")].map(
    (element) => [element.dataset.word, element.textContent],
  ),
);
const say = (word, values = {}) =>
  words[word].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const plurals = new Intl.PluralRules(LANGUAGE);
const counted = (word, count) =>
  say(`${word} ${plurals.select(count) === "one" ? "one" : "other"}`, { count });
// The API answers English names; each is shown in the page's language.
const spoken = (country) => words[`country ${country}`] ?? country;
const state = { site: null, room: null, week: monday(new Date()), slot: null, interest: {}, turn: 0 };

const money = (amount, currency = "EUR") =>
  new Intl.NumberFormat(LANGUAGE, { style: "currency", currency }).format(amount);
const clock = (date, timeZone) =>
  new Intl.DateTimeFormat(LANGUAGE, { timeZone, hour: "2-digit", minute: "2-digit" }).format(date);
const dayName = (day) =>
  new Intl.DateTimeFormat(LANGUAGE, { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" }).format(
    new Date(day),
  );

const stamp = (name, values) => {
  const copy = document.querySelector(`[data-demo-template="${name}"]`).content.cloneNode(true);
  for (const [key, text] of Object.entries(values)) {
    copy.querySelector(`[data-put="${key}"]`).textContent = text;
  }
  return copy.firstElementChild;
};

const reveal = (part) => {
  const section = app.querySelector(`[data-demo-part="${part}"]`);
  section.hidden = false;
  return section;
};

const goTo = (part) => {
  const section = reveal(part);
  section.scrollIntoView({ block: "start" });
  section.querySelector("h2").focus({ preventScroll: true });
};

const hide = (...parts) => {
  for (const part of parts) app.querySelector(`[data-demo-part="${part}"]`).hidden = true;
};

const markOnly = (item) => {
  for (const other of item.parentElement.children) other.removeAttribute("aria-current");
  item.setAttribute("aria-current", "true");
};

const refusal = ({ status, body }) => {
  if (status === 0) return say("failed");
  return status === 401 && !hasToken() ? say("needs-token") : body.message;
};

const fill = (list, items, answer) => {
  const none = () => {
    const item = document.createElement("li");
    item.className = "muted";
    item.textContent = answer.body.retcode === 1 ? say("nothing") : refusal(answer);
    return item;
  };
  list.replaceChildren(...(items.length ? items : [none()]));
};

// --- sites and rooms -----------------------------------------------------------------------------

const showCountries = async () => {
  const answer = await call("GET", "/api/countries");
  const select = find("place").elements.country;
  const names = [...(answer.body.data ?? [])];
  names.sort((one, other) => spoken(one).localeCompare(spoken(other), LANGUAGE));
  for (const name of names) select.add(new Option(spoken(name), name));
};

const siteItem = (site) => {
  const facts = [
    spoken(site.country),
    counted("meeting-rooms", site.meetingRoomCount),
    counted("offices", site.roomCount),
  ];
  const item = stamp("site", { name: site.name, facts: facts.join(" · ") });
  item.querySelector("button").addEventListener("click", () => {
    markOnly(item);
    showRooms(site);
  });
  return item;
};

const showSites = async () => {
  const country = find("place").elements.country.value;
  const answer = await call("GET", "/api/sites", { query: { country } });
  fill(find("sites"), (answer.body.data ?? []).map(siteItem), answer);
  hide("rooms", "calendar", "request", "company");
};

const factsOf = (room) =>
  [
    room.nbSeat > 0 && counted("seats", room.nbSeat),
    room.surface > 0 && say("surface", { surface: room.surface }),
    room.slotWeek,
  ]
    .filter(Boolean)
    .join(" · ");

const priceOf = (room) => {
  if (room.pricePerHour > 0) return say("hour", { price: money(room.pricePerHour) });
  const month = Number(room.pricePerMonth);
  return month > 0 && room.type.endsWith("Office") ? say("month", { price: money(month) }) : "";
};

const roomItem = (room) => {
  const item = stamp("room", { name: room.publicName, facts: factsOf(room), price: priceOf(room) });
  const isOffice = room.type === "publicOffice";
  for (const button of item.querySelectorAll("button")) {
    const leadsToOffice = button.dataset.do === "office";
    button.hidden = leadsToOffice !== isOffice;
    button.addEventListener("click", () => {
      markOnly(item);
      if (leadsToOffice) register({ roomId: room._id }, say("interest-room", { name: room.publicName }));
      else showRoom(room);
    });
  }
  return item;
};

const showRooms = async (site) => {
  state.site = site;
  hide("calendar", "request", "company");
  const kinds = ["publicMeeting", "publicOffice"];
  const answer = await call("GET", "/api/rooms", { query: { site: site._id } });
  const rooms = (answer.body.data ?? []).filter((room) => kinds.includes(room.type));
  find("site-name").textContent = site.name;
  fill(find("rooms"), rooms.map(roomItem), answer);
  goTo("rooms");
};

// --- calendar ------------------------------------------------------------------------------------

const lengthsOf = (room) => {
  const step = room.stepDurationBooking || 30;
  const shortest = Math.ceil((room.minDurationBooking || 30) / step) * step;
  const longest = room.maxDurationBooking || 480;
  const lengths = [];
  for (let length = shortest; length <= longest && lengths.length < MOST_LENGTHS; length += step) {
    lengths.push(length);
  }
  return lengths;
};

const showRoom = (room) => {
  state.room = room;
  state.slot = null;
  hide("request", "company");
  find("room-name").textContent = room.publicName;
  find("feed").href = `/api/icsfeed?rooms=${room._id}`;
  find("time").elements.duration.replaceChildren(
    ...lengthsOf(room).map((count) => new Option(say("minutes", { count }), count)),
  );
  goTo("calendar");
  showWeek();
};

const busyItem = (event, timeZone) => {
  const item = document.createElement("li");
  item.classList.toggle("demo__held", event.isHeld);
  const summary = event.isHeld ? say("pending") : event.summary;
  item.textContent = `${clock(event.start, timeZone)}–${clock(event.end, timeZone)} ${summary}`;
  return item;
};

const slotItem = (slot, day, timeZone) => {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const time = clock(new Date(slot.start), timeZone);
  button.type = "button";
  button.className = "demo__slot";
  button.textContent = time;
  button.setAttribute("aria-label", say("book-at", { day: dayName(day), time }));
  button.addEventListener("click", () => choose(slot, `${dayName(day)}, ${time}`, button));
  item.append(button);
  return item;
};

const dayColumn = (day, calendar, meetings) => {
  const { timeZone } = calendar;
  const column = stamp("day", { name: dayName(day) });
  const busy = meetings.filter((event) => dayAt(event.start, timeZone) === day);
  const free = calendar.bookable.filter((slot) => dayAt(new Date(slot.start), timeZone) === day);
  column.querySelector("[data-put-busy]").append(...busy.map((event) => busyItem(event, timeZone)));
  column.querySelector("[data-put-free]").append(...free.map((slot) => slotItem(slot, day, timeZone)));
  column.querySelector("[data-none]").hidden = free.length > 0;
  return column;
};

const showWeek = async () => {
  const turn = ++state.turn;
  const days = find("days");
  const [from, to] = [state.week, addDays(state.week, 7)];
  find("week").textContent = `${dayName(from)} – ${dayName(addDays(from, 6))}`;
  days.setAttribute("aria-busy", "true");
  const duration = find("time").elements.duration.value;
  const [free, feed] = await Promise.all([
    call("GET", "/api/availability", { query: { room: state.room._id, from, to, duration } }),
    call("GET", "/api/icsfeed", { query: { rooms: state.room._id, from, to } }),
  ]);
  if (turn !== state.turn) return;
  days.removeAttribute("aria-busy");
  const calendar = free.body.data?.[0];
  if (!calendar) return days.replaceChildren(free.body.retcode === 1 ? say("nothing") : refusal(free));
  const meetings = events(feed.body.text ?? "");
  const week = [...Array(7).keys()].map((count) => addDays(from, count));
  days.replaceChildren(...week.map((day) => dayColumn(day, calendar, meetings)));
};

// --- booking -------------------------------------------------------------------------------------

const choose = async (slot, label, button) => {
  state.slot = slot;
  for (const other of find("days").querySelectorAll("[aria-pressed]")) other.removeAttribute("aria-pressed");
  button.setAttribute("aria-pressed", "true");
  find("slot").textContent = `${state.room.publicName}, ${label}`;
  find("price").textContent = "";
  find("request-outcome").hidden = true;
  goTo("request");
  if (!hasToken()) return;
  const people = find("request").elements.bookedUser.value;
  const duration = find("time").elements.duration.value;
  const query = { roomId: state.room._id, startDate: slot.start, duration, nbPersons: people };
  const { body } = await call("GET", "/api/room-price", { query });
  if (state.slot !== slot || !(body.data?.price >= 0)) return;
  const { price, priceGross, currency } = body.data;
  const net = money(price, currency);
  find("price").textContent = say("price", { net, gross: money(priceGross, currency) });
};

const tell = (name, answer, action) => {
  const box = find(name);
  const isGood = answer.status === 200 && answer.body.retcode > 0 && answer.body.status !== "ARCHIVED";
  const lines = [answer.body.status, isGood ? answer.body.message : refusal(answer)];
  if (answer.body.dryRun) lines.push(say("rehearsed"));
  const paragraphs = lines.filter(Boolean).map((text, index) => {
    const line = document.createElement(index === 0 && answer.body.status ? "strong" : "p");
    line.textContent = text;
    return line;
  });
  box.className = `demo__outcome demo__outcome--${isGood ? "good" : "bad"}`;
  box.replaceChildren(...paragraphs, ...(action ? [action] : []));
  box.hidden = false;
};

const bodyOf = (form, numbers) => {
  const body = {};
  for (const [name, value] of new FormData(form)) if (value !== "") body[name] = value;
  for (const name of numbers) if (name in body) body[name] = Number(body[name]);
  return { ...body, dryRun: form.elements.dryRun.checked };
};

const once = async (event, work) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.getAttribute("aria-busy")) return;
  button?.setAttribute("aria-busy", "true");
  await work(event.target);
  button?.removeAttribute("aria-busy");
};

const continueButton = (meetingId, email) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.textContent = say("continue");
  button.addEventListener("click", () => {
    const held = meetingId && say("interest-meeting", { id: meetingId });
    const text = held || say("interest-room", { name: state.room.publicName });
    register(meetingId ? { meetingId } : { roomId: state.room._id }, text);
    find("company").elements.email.value = email;
  });
  return button;
};

const sendRequest = async (form) => {
  const body = {
    ...bodyOf(form, ["bookedUser"]),
    bookedRoom: state.room._id,
    bookedAt: state.slot.start,
    duration: Number(find("time").elements.duration.value),
  };
  const answer = await call("POST", "/api/meeting-request", { body });
  const isNew = answer.body.status === "REQUEST_ACCEPTED";
  const action = isNew && continueButton(answer.body.data.meetingRequestId, body.contactEmail);
  tell("request-outcome", answer, action);
  if (answer.status === 200 && !body.dryRun) showWeek();
};

// --- registration --------------------------------------------------------------------------------

const register = (interest, text) => {
  state.interest = interest;
  find("interest").textContent = text;
  find("company-outcome").hidden = true;
  goTo("company");
};

const sendCompany = async (form) => {
  const body = { ...bodyOf(form, ["maxResidentUsers"]), ...state.interest };
  tell("company-outcome", await call("POST", "/api/register", { body }));
};

// --- start ---------------------------------------------------------------------------------------

const showToken = () => {
  find("token-state").textContent = say(hasToken() ? "token-used" : "token-none");
};

onCall(({ method, address, status, ms }) => {
  const row = stamp("call", { status: status || "–", path: `${method} ${address}`, ms: `${ms} ms` });
  find("calls").prepend(row);
});

find("token").addEventListener("submit", (event) => {
  event.preventDefault();
  const { token, keep } = event.target.elements;
  useToken(token.value, keep.checked);
  token.value = "";
  showToken();
  showSites();
});
find("token").addEventListener("reset", () => {
  useToken("", false);
  showToken();
  showSites();
});
find("place").addEventListener("submit", (event) => event.preventDefault());
find("place").addEventListener("change", showSites);
find("time").addEventListener("submit", (event) => event.preventDefault());
find("time").addEventListener("change", showWeek);
find("request").addEventListener("submit", (event) => once(event, sendRequest));
find("company").addEventListener("submit", (event) => once(event, sendCompany));
for (const button of app.querySelectorAll("button[name=week]")) {
  button.addEventListener("click", () => {
    state.week = addDays(state.week, 7 * Number(button.value));
    showWeek();
  });
}

app.hidden = false;
showToken();
showCountries();
showSites();
