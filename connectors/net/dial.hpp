// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/url.hpp"

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>

namespace nudged::net {

/// A connection to where a URL leads, and nothing said on it yet: the name looked up, through the
/// environment's proxy where there is one, by the rules of every request (http.hpp). Lives in the
/// frame of HttpClient::connect.
class Dial {
public:
    /// Throws TransferFailure for a place that nothing may go to.
    Dial(const std::string& url, std::chrono::milliseconds timeout);
    Dial(const Dial&) = delete;
    Dial& operator=(const Dial&) = delete;

    CURL* handle() const { return easy_.get(); }
    bool is_v6() const;
    /// A descriptor of the connection, the caller's, once libcurl is through with `code`; throws
    /// TransferFailure when there is none.
    int take(CURLcode code);

private:
    struct EasyCleanup {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };

    Place place_;
    std::unique_ptr<CURL, EasyCleanup> easy_;
};

}  // namespace nudged::net
