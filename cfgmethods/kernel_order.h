/*
 * Interfaces that are made of others, as bonds, bridges and VLANs: what changes rings or queues
 * takes a link down, which takes a bond apart. So those that one is made of have their values
 * before it.
 */
#pragma once

#include "kernel.h"

/* On how many others a device stands: 0 is hardware, a bond of it 1, a VLAN of that 2. */
int kernel_layer(const struct kernel_device *device);

/*
 * Gives the kernel what is stored of the interfaces and adapters that an interface is made of, the
 * lowest first. What is refused there is told when those are configured themselves.
 */
void kernel_apply_below(const struct kernel_device *device);
