"""The clocks of one phone: its owner sets the wall clock by hand, and hours that pass move both."""

from __future__ import annotations

from tests.journeys.phone import Phone

_CLOCKS = """(() => {
  const [Wall, mono] = [Date, performance.now.bind(performance)];
  const now = () => Wall.now() + (window.ownerSet ?? 0);
  let passed = 0;
  window.hoursPass = (ms) => { passed += ms; };
  performance.now = () => mono() + passed;
  window.Date = new Proxy(Wall, {
    construct: (_, args, self) => Reflect.construct(Wall, args.length === 0 ? [now()] : args, self),
    apply: () => new Wall(now()).toString(),
    get: (_, name) => (name === 'now' ? now : Reflect.get(Wall, name)),
  });
})()"""


class OwnersClock:
    """Stands between a phone's pages and its clocks, from the next page on that it opens."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._set = 0
        phone.context.add_init_script(_CLOCKS)

    def set(self, ms: int) -> None:
        """Set the wall clock so many ms ahead of the right time, or behind; what the phone measures itself goes on."""
        self._set = ms
        self._phone.context.add_init_script(f"window.ownerSet = {ms}")
        self._phone.page.evaluate("(ms) => { window.ownerSet = ms; }", ms)

    def set_while_closed(self, ms: int) -> None:
        """Close the app and set the wall clock; the app may be opened again then."""
        self._phone.page.goto("about:blank")
        self.set(ms)

    def pass_(self, ms: int) -> None:
        """Let time go by, with the phone awake: both clocks move."""
        self._phone.page.evaluate("(ms) => window.hoursPass(ms)", ms)
        self.set(self._set + ms)
