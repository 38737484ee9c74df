# Differences of host 6.1a; see twin.py.
# The recording lost its tab, and blanks at the ends of lines.
s/^ {8}(Other FC SCSI Disk Drive)$/\t\1/
