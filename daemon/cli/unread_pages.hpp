// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/capture.hpp"
#include "connectors/sources/http/manifest.hpp"
#include "daemon/cli/source_trial.hpp"

namespace nudged::cli {

/// Fills in `unread_next` of streams whose list has no way to a next page, though its answer has
/// signs of one: a member such as `next_cursor` or `has_more`, a Link header, a count beyond the
/// rows that came. An admin who describes a new CRM would miss what follows and not know it.
void note_unread_pages(Trial& trial, const net::Capture& capture,
                       const sources::Manifest& manifest);

}  // namespace nudged::cli
