/* info.h - words for ICMP's types and codes, which the info line shares with the decoders. NULL: no word. */
#ifndef DECODE_INFO_H
#define DECODE_INFO_H

#include <stdint.h>

const char *icmp_type_name(uint8_t type);
const char *icmp_code_name(uint8_t type, uint8_t code);
const char *icmpv6_type_name(uint8_t type);
const char *icmpv6_code_name(uint8_t type, uint8_t code);

#endif
