// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"

namespace nudged {

std::string_view to_string(FailureKind kind) {
    switch (kind) {
    case FailureKind::transient: return "transient";
    case FailureKind::throttled: return "throttled";
    case FailureKind::refused: return "refused";
    case FailureKind::needs_person: return "needs_person";
    case FailureKind::corrupt: return "corrupt";
    }
    return "unknown";
}

}  // namespace nudged
