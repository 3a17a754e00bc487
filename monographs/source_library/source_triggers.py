"""The trigger of the record of changes: its times are the database's."""

import pgtrigger

from monographs.editions.triggers import FirmTrigger

CHANGE_TIME = FirmTrigger(
    name="server_time",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="NEW.at := clock_timestamp(); RETURN NEW;",
)
