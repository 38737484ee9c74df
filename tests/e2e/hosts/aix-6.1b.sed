# Differences of host 6.1b, recorded line first; see twin.py.
# The file's first line begins with one blank more than the others: the recording's.
s/^   (ent0|hdisk[01]|sysplanar0) /  \1 /
@interfaces
