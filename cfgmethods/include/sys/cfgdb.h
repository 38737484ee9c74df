/* Values of the device configuration classes. Manual: <sys/cfgdb.h>. */
#pragma once

/* CuDv.status */
#define DEFINED 0
#define AVAILABLE 1
#define STOPPED 2

/* CuDv.chgstatus */
#define NEW 0
#define DONT_CARE 1
#define SAME 2
#define MISSING 3

/* CuVPD.vpd_type */
#define HW_VPD 0
#define USER_VPD 1

/* PdDv.fru */
#define NO_FRU 0
#define SELF_FRU 1
#define PARENT_FRU 2
