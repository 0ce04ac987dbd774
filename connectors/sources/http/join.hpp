// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/request.hpp"

#include <span>

namespace nudged::sources {

/// Fills references that only another request tells: asks for the ids of the page's records of
/// `stream`, in batches, and for each takes the preferred one of what belongs to it.
asio::awaitable<void> join_references(Requester& requester, const Manifest& manifest,
                                      const StreamPlan& stream, model::Page& page);

/// The ids of the page's living records of an entity, cut into batches.
std::vector<std::vector<std::string>> batches_of(const model::Page& page, model::Entity entity,
                                                 std::size_t size);
std::vector<std::vector<std::string>> batches_of(std::span<const std::string> ids,
                                                 std::size_t size);

}  // namespace nudged::sources
