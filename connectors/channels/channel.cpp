// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/channel.hpp"

namespace nudged::channels {

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
    case Outcome::delivered: return "delivered";
    case Outcome::accepted: return "accepted";
    case Outcome::throttled: return "throttled";
    case Outcome::transient: return "transient";
    case Outcome::ambiguous: return "ambiguous";
    case Outcome::refused_payload: return "refused_payload";
    case Outcome::refused_destination: return "refused_destination";
    }
    return "transient";
}

}  // namespace nudged::channels
