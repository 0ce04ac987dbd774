// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/request.hpp"

#include <span>
#include <string_view>

namespace nudged::sources {

/// Adds the changes that the CRM remembers of the page's opportunities.
asio::awaitable<void> add_history(Requester& requester, const Manifest& manifest,
                                  const StreamPlan& stream, model::Page& page);

/// The changes that the answers to one question tell, as opportunity_change records. Of each field
/// the oldest value is what the opportunity was created with; each later one that differs is a
/// change. Ids are "<opportunity>:<field>:<epoch ms>", so that they are the same whenever they are
/// read. `asked_for` is the opportunity of rows that do not name theirs. Any thread.
void decode_history(std::span<const json::Document* const> answers, const RequestPlan& request,
                    const HistoryPlan& history, const RecordPlan& record,
                    std::string_view asked_for, model::Page& page);

}  // namespace nudged::sources
