#ifndef PUMP_SHARED_SKIN_H
#define PUMP_SHARED_SKIN_H
// What acts on the surface of the leg and what is seen there: fingers and hands that press, tissue fluid, signs
// of the skin. One of it a frame. Frame of rest, mm: the leg as it stands, before joints move it.
#include "shared/common.h"

#ifdef __cplusplus
namespace pump::shared {
#endif

const uint kMostContacts = 8u;
// A dent reaches this many times as far as the pad that makes it (elastic half space: the surface beside a pad
// goes down too; beyond about three radii less than a tenth is left).
const float kDentReach = 3.0f;

const uint kContactPad = 0u;  // a finger
const uint kContactBand = 1u; // hands round the limb
const uint kContactPit = 2u;  // what a finger leaves in swollen tissue

// Something that presses on the skin, or has pressed.
struct Contact {
    vec3 place;      // on the skin; band: on the limb's axis
    float radius;    // of the pad; band: half its width along the limb
    vec3 inward;     // unit, into the tissue; band: along the limb's axis, upward
    float depth;     // of the dent in its middle, mm
    vec3 palm;       // band: unit, from the axis toward the side on which it presses most
    float thickness; // of the soft tissue that gives way, skin to bone; band: radius of the limb
    uint kind;       // kContact...
    float mark;      // how plainly it is drawn, 0-1
    float spare1;
    float spare2;
};

// Signs of the skin, each 0-1. Graded by PHYSIOLOGY 5.2.
struct SkinSigns {
    float varicose; // tributaries winding and raised
    float spider;   // fine red-blue veins in the skin
    float dusky;    // blue-red of blood that stands, from the foot up
    float pale;     // of a leg that gets too little blood
    float brown;    // pigment above the ankle (gaiter area)
    float warm;     // flushed
    float duskyTop; // height up to which dusky reaches, mm above the sole
    float cut;      // height of the upper end at rest, where the skin is cut through, mm
};

struct SkinInput {
    Contact contacts[8]; // kMostContacts
    SkinSigns signs;
    vec3 swelling; // thickness that tissue fluid adds, mm at full share: foot, ankle, calf
    uint contactCount;
};

#ifdef __cplusplus
static_assert(sizeof(Contact) == 64 && offsetof(Contact, palm) == 32);
static_assert(sizeof(SkinSigns) == 32);
static_assert(sizeof(SkinInput) == 8 * 64 + 48 && offsetof(SkinInput, swelling) == 544);
} // namespace pump::shared
#endif
#endif
