// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/key_walk.hpp"

namespace nudged::warehouse {
namespace {

/// So many keys in order promise more of them.
constexpr int promising = 3;
/// Rows that are not asked for and cost less to pass by than a look-up.
constexpr int most_passed = 3;
constexpr int key_column = 5;

}  // namespace

void KeyWalk::stop() {
    if (!is_walking_) return;
    rows_.reset();
    is_walking_ = false;
    in_order_ = 0;
}

KeyWalk::Found KeyWalk::find(SourceId source, std::string_view id) {
    const bool is_next = source == source_ && id > asked_;
    if (!is_next) stop();
    in_order_ = is_next ? in_order_ + 1 : 0;
    source_ = source;
    asked_ = id;
    if (in_order_ < promising) return Found::unknown;
    if (!is_walking_) {
        from_ = id;
        rows_.bind(1, source).bind(2, from_);
        is_walking_ = true;
        has_row_ = rows_.step();
    }
    if (!step_to(id)) {
        stop();
        return Found::unknown;
    }
    return has_row_ && rows_.text(key_column) == id ? Found::here : Found::nowhere;
}

/// To the first row that is not before the key; false when that is too far.
bool KeyWalk::step_to(std::string_view id) {
    for (int passed = 0; has_row_ && rows_.text(key_column) < id; ++passed) {
        if (passed > most_passed) return false;
        has_row_ = rows_.step();
    }
    return true;
}

}  // namespace nudged::warehouse
