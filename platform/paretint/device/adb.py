"""A phone at the end of `adb`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from paretint.errors import UserError

_PATIENCE_S = 600


class Phone:
    """An Android phone: files are pushed to it, and commands run on it.

    name: as experiments call it, for errors; serial: as adb does.
    """

    def __init__(self, name: str, serial: str) -> None:
        self.serial = serial
        self._name = name

    def push(self, file: Path, target: str) -> None:
        """Copy a file onto the phone."""
        self._adb("push", str(file), target)

    def shell(self, script: str) -> str:
        """Run a script on the phone, and return what it printed.

        Raises `UserError` with its last words where it fails, or where the phone is gone.
        """
        return self._adb("shell", script)

    def succeeds(self, script: str) -> bool:
        """Whether a script on the phone ends well, such as a test."""
        return self.shell(f"({script}) && echo yes || echo no").split() == ["yes"]

    def _adb(self, *words: str) -> str:
        command = ["adb", "-s", self.serial, *words]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S
            )
        except subprocess.TimeoutExpired:
            raise UserError(
                f"{self._name}: the phone {self.serial} has not answered for {_PATIENCE_S} s"
            ) from None
        if done.returncode == 0:
            return done.stdout.replace("\r\n", "\n")
        if connected().get(self.serial) != "device":
            raise UserError(
                f"{self._name}: the phone {self.serial} vanished while it was measured; plug it in"
                " and try again"
            )
        last = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()[-1]
        raise UserError(f"{self._name}: the phone {self.serial} said: {last}")


def connected() -> dict[str, str]:
    """The phones that adb knows, by serial: `device` where one is ready, else why it is not."""
    done = subprocess.run(["adb", "devices"], capture_output=True, text=True, timeout=_PATIENCE_S)
    lines = [line.split() for line in done.stdout.splitlines()]
    return {words[0]: words[1] for words in lines if len(words) == 2}


def find_phone(serial: str = "") -> Phone:
    """The phone of a serial, or the only one. Raises `UserError` where there is none such."""
    name = f"android:{serial}" if serial else "android"
    if shutil.which("adb") is None:
        raise UserError(f"{name}: adb is not installed; install Android's platform tools")
    phones = connected()
    ready = [phone for phone, state in phones.items() if state == "device"]
    if serial and serial not in ready:
        raise UserError(f"{name}: {_absent(serial, phones)}")
    if not ready:
        raise UserError(f"{name}: {_absent(next(iter(phones), ''), phones)}")
    if not serial and len(ready) > 1:
        raise UserError(f"{name}: several phones ({', '.join(ready)}); name one: android:SERIAL")
    return Phone(name, serial or ready[0])


def _absent(serial: str, phones: dict[str, str]) -> str:
    if phones.get(serial) == "unauthorized":
        return f"the phone {serial} lets nobody in; allow USB debugging on its screen"
    if serial in phones:
        return f"the phone {serial} is {phones[serial]}; plug it in again"
    if phones:
        return f"no such phone; connected: {', '.join(phones)}"
    return "no phone is connected; plug one in, with USB debugging on"
