"""The sockets of applications that many run: fragments of the language, by name.

*.yaml     one application each: its roles, their sockets, where that is written and was seen
others     applications that somebody may look for here, and what they speak
catalogue  reads them: find(text), preset_names()
players    who plays which role, and whom that means for those who connect
using      use_presets: what a service or a site uses, under what is written for it
page       all of them as a page
"""

from bulkhead.intent.presets.catalogue import Preset, PresetRole, preset_called, preset_names
from bulkhead.intent.presets.using import use_presets

__all__ = ["Preset", "PresetRole", "preset_called", "preset_names", "use_presets"]
