"""Debian's Icinga 2, with the objects of connectors/sources/icinga.md as they are there: a service
and a host page, an acknowledgement counts, and the end is the end."""
import grp
import os
import pwd
import unittest

import harness
import monitor

KEY = "key-of-icinga-0123456789"
WATCHED = """\
include <itl>
const NodeName = "here"
const ZoneName = "here"
object Endpoint NodeName {{}}
object Zone ZoneName {{ endpoints = [ NodeName ] }}
object CheckerComponent "checker" {{}}
object NotificationComponent "notification" {{}}
object ExternalCommandListener "command" {{ command_path = "{command}" }}
object Host "shop" {{
  address = "192.0.2.7"
  check_command = "passive"
  enable_active_checks = false
  max_check_attempts = 1
}}
object Service "checkout" {{
  host_name = "shop"
  check_command = "passive"
  enable_active_checks = false
  max_check_attempts = 1
}}
"""


class IcingaTest(monitor.Promises, harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin(service=monitor.service_with("icinga", KEY))
        home = self.home / "icinga"
        directories = {name: home / name for name in ("DataDir", "LogDir", "InitRunDir", "CacheDir", "SpoolDir")}
        for directory in (home, *directories.values()):
            directory.mkdir()
        objects = monitor.blocks_of("icinga")[1]
        self.assertIn(monitor.OF_THE_PAGES, objects)
        self.assertIn("Bearer KEY", objects)
        objects = objects.replace(monitor.OF_THE_PAGES, f"http://127.0.0.1:{self.service.port}")
        command = home / "InitRunDir" / "icinga2.cmd"
        (home / "icinga2.conf").write_text(
            WATCHED.format(command=command) + objects.replace("Bearer KEY", f"Bearer {KEY}"))
        definitions = {**directories,
                       "Configuration.RunAsUser": pwd.getpwuid(os.getuid()).pw_name,
                       "Configuration.RunAsGroup": grp.getgrgid(os.getgid()).gr_name}
        self.monitor = monitor.Monitor(
            self, ["icinga2", "daemon", "-c", str(home / "icinga2.conf"),
                   *(f"-D{name}={value}" for name, value in definitions.items())], home, command)


if __name__ == "__main__":
    unittest.main()
