// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/request.hpp"

namespace nudged::sources {

/// Adds the changes that the CRM remembers of the page's opportunities.
asio::awaitable<void> add_history(Requester& requester, const Manifest& manifest,
                                  const StreamPlan& stream, model::Page& page);

/// The changes of one answer as opportunity_change records. Of each field the oldest value is what
/// the opportunity was created with; each later one that differs is a change. Ids are
/// "<opportunity>:<field>:<epoch ms>", so that they are the same whenever they are read. Any
/// thread.
void decode_history(const json::Document& answer, const RequestPlan& request,
                    const HistoryPlan& history, const RecordPlan& record, model::Page& page);

}  // namespace nudged::sources
