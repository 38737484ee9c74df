# Differences of host 4.3.2; see twin.py.
@layout-4.3
# The description is broken to stay in its column, ours is not.
/PCI Adapter$/{N;s/\n +(\(23100020\))/ \1/;}
# 6.1's name of a keyword is ours.
s/Device Specific\.\(YL\)\.{8}/Hardware Location Code....../
