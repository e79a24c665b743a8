// The words of the page, in the reader's language; {name} is filled in.
let known = {};

export function learn(words) {
  known = words;
}

export function say(name, values = {}) {
  const text = known[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** 2026-03-02 09:05 from ISO text, in the office's zone; today only the time. */
export function moment(iso, now = new Date()) {
  if (!iso) return '';
  const parts = part => Object.fromEntries(FORMAT.formatToParts(part).map(({ type, value }) => [type, value]));
  const then = parts(new Date(iso));
  const today = parts(now);
  const day = `${then.year}-${then.month}-${then.day}`;
  const time = `${then.hour}:${then.minute}:${then.second}`;
  return day === `${today.year}-${today.month}-${today.day}` ? time : `${day} ${then.hour}:${then.minute}`;
}

const FORMAT = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai', hourCycle: 'h23',
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit'
});
