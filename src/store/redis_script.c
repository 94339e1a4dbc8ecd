#include "store/redis_script.h"

// The assembler takes the file in as it is; the path is seen from where make runs.
__asm__(".pushsection .rodata\n"
        ".global redis_script\n"
        ".type redis_script, %object\n"
        "redis_script:\n"
        ".incbin \"src/store/redis_script.lua\"\n"
        ".byte 0\n"
        ".size redis_script, . - redis_script\n"
        ".popsection\n");
