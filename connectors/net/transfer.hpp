// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/http.hpp"

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace nudged::net {

/// One exchange: libcurl's easy handle and the answer it fills. Lives in the frame of
/// HttpClient::send, where it points into the request; neither copied nor moved.
class Transfer {
public:
    /// Throws TransferFailure for a request that must not leave. Both references must outlive this.
    Transfer(const HttpRequest& request, const HttpOptions& options);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    CURL* handle() const { return easy_.get(); }
    /// The answer, after the transfer has ended with `code`; throws TransferFailure unless it is
    /// OK.
    HttpResponse finish(CURLcode code);

private:
    struct EasyCleanup {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct ListCleanup {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    template <typename Value>
    void set(CURLoption option, Value value);
    void set_limits();
    void set_security(const HttpOptions& options, bool loopback);
    void set_headers();
    void append_header(const std::string& line);

    static std::size_t on_body(char* data, std::size_t one, std::size_t size, void* self);
    static std::size_t on_header(char* data, std::size_t one, std::size_t size, void* self);
    static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
    static int on_ready(void* self, char*, char*, int, int);
    bool take_body(std::string_view piece);
    bool take_header(std::string_view line);

    bool sent(CURLcode code) const;
    std::string reason(CURLcode code) const;

    const HttpRequest& request_;
    std::string place_;
    std::unique_ptr<curl_slist, ListCleanup> header_list_;
    char details_[CURL_ERROR_SIZE] = {};
    HttpResponse response_;
    std::size_t header_bytes_ = 0;
    bool in_head_ = false;
    int tries_ = 0;
    bool is_private_place_ = false;            // where a request to the public would have gone
    std::string broken_limit_;                 // which bound the answer broke; empty: none
    std::unique_ptr<CURL, EasyCleanup> easy_;  // goes first, since it points at the rest
};

}  // namespace nudged::net
