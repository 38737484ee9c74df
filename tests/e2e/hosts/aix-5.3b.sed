# Differences of host 5.3b; see twin.py.
@interfaces
@loopback
@labels-5.3
# Of an adapter the maker has another name, too.
s/Manufacture ID(\.+14e4)$/Manufacturer..\1/
# Without its size the description of a disk has room in the first line.
/^  hdisk.*L0/{N;s/ *\n\t/  /;s/ \(73400 MB\)$//;}
# A record that the recording has half of.
/Product Specific\.\(y$/d
# Adapters that are made of others are listed with the others.
s/^.*Code\.\.\.\.\.\.U788D.001.99DXY4Y-P1-T8$/&\n\n  ent2                                      EtherChannel \/ IEEE 802.3ad Link Aggregation\n  ent3                                      VLAN\n  ent4                                      VLAN/
