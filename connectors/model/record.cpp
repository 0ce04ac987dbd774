// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/record.hpp"

namespace nudged::model {

std::string_view to_string(Gone why) {
    switch (why) {
    case Gone::deleted: return "deleted";
    case Gone::merged: return "merged";
    case Gone::vanished: return "vanished";
    case Gone::left: return "left";
    case Gone::not_found: return "not_found";
    }
    return "";
}

}  // namespace nudged::model
