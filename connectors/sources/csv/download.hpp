// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/csv/walk.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace nudged::sources::csv {

namespace asio = boost::asio;

/// A table that was asked for over HTTP.
struct Download {
    std::shared_ptr<const std::string> body;  // null: not modified since `known`
    std::string etag;
    std::string last_modified;
};

/// Gets the table at `url`, which may be a link that is a secret in itself: no text names more than
/// its host. `known`, where not null, makes the request conditional. Follows redirects, as
/// published spreadsheets answer with one; nothing but the request travels. Throws Failure.
asio::awaitable<Download> fetch_table(net::Exchange& http, std::string url, const Version* known,
                                      Instant now);

}  // namespace nudged::sources::csv
