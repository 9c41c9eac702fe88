"""Debian's Nagios, with the commands and the contact of connectors/sources/nagios.md as they are
there: a service and a host page, an acknowledgement counts, and the end is the end."""
import grp
import os
import pwd
import unittest

import harness
import monitor

KEY = "key-of-nagios-0123456789"
# Debian's own illegal characters: what keeps an output from being a command of the shell's.
DAEMON = """\
log_file={home}/nagios.log
cfg_file={home}/objects.cfg
resource_file={home}/resource.cfg
object_cache_file={home}/objects.cache
status_file={home}/status.dat
command_file={home}/nagios.cmd
lock_file={home}/nagios.pid
temp_file={home}/nagios.tmp
temp_path={home}
check_result_path={home}/results
query_socket={home}/nagios.qh
log_archive_path={home}/archives
state_retention_file={home}/retention.dat
nagios_user={user}
nagios_group={group}
use_syslog=0
check_external_commands=1
check_for_updates=0
check_result_reaper_frequency=1
illegal_macro_output_chars=`~$&|'"<>
"""
WATCHED = """
define command {
  command_name  unused
  command_line  /bin/true
}
define host {
  host_name              shop
  address                192.0.2.7
  check_command          unused
  max_check_attempts     1
  active_checks_enabled  0
  notification_interval  0
  contacts               tocsin
}
define service {
  host_name              shop
  service_description    checkout
  check_command          unused
  max_check_attempts     1
  active_checks_enabled  0
  notification_interval  0
  contacts               tocsin
}
"""


class NagiosTest(monitor.Promises, harness.TestCase):
    def setUp(self):
        super().setUp()
        self.service = self.tocsin(service=monitor.service_with("nagios", KEY))
        home = self.home / "nagios"
        for directory in ("", "results", "archives"):
            (home / directory).mkdir()
        objects = monitor.blocks_of("nagios")[1]
        self.assertIn(monitor.OF_THE_PAGES, objects)
        (home / "objects.cfg").write_text(
            objects.replace(monitor.OF_THE_PAGES, f"http://127.0.0.1:{self.service.port}") + WATCHED)
        (home / "resource.cfg").write_text(f"$USER10$={KEY}\n")
        (home / "nagios.cfg").write_text(DAEMON.format(
            home=home, user=pwd.getpwuid(os.getuid()).pw_name, group=grp.getgrgid(os.getgid()).gr_name))
        self.monitor = monitor.Monitor(self, ["nagios4", str(home / "nagios.cfg")], home,
                                       home / "nagios.cmd")


if __name__ == "__main__":
    unittest.main()
