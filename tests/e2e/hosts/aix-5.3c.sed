# Differences of host 5.3c; see twin.py.
# The first line begins with one blank more than the others: the recording does.
s/^   (ent2|hdisk[01]|sysplanar0) /  \1 /
@interfaces
