// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/source_notice.hpp"

#include "daemon/alerts/notice.hpp"

#include <fmt/format.h>

namespace nudged::alerts {
namespace {

Notice compose(const SourceNotice& notice) {
    Notice composed{.channel = notice.channel, .about = fmt::format("source/{}", notice.source)};
    composed.is_down = !notice.needs_person.empty();
    if (composed.is_down) {
        composed.title = fmt::format("nudged: the source {} needs a person", notice.source);
        composed.text = fmt::format(
            "{}. Nothing is polled that this stops, and nothing is judged that needs it. This is "
            "told once; `nudged status` tells how it stands.",
            notice.needs_person);
    } else {
        composed.title = fmt::format("nudged: the source {} works again", notice.source);
        composed.text = "It is polled as before, and what was missed is being fetched.";
    }
    return composed;
}

}  // namespace

bool enqueue_notice(warehouse::Database& database, const SourceNotice& notice, Instant now) {
    return enqueue_notice(database, compose(notice), now);
}

}  // namespace nudged::alerts
