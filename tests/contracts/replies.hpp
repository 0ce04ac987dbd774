// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/http_server.hpp"

/// Replies that the tables of all channels have in common.
namespace nudged::tests {

inline Reply with_header(Reply reply, std::string name, std::string value) {
    reply.headers.emplace_back(std::move(name), std::move(value));
    return reply;
}

inline Reply cut(Reply reply, std::uint64_t bytes, Reply::Ending ending) {
    reply.cut_after = bytes;
    reply.ending = ending;
    return reply;
}

/// A gigabyte, of which 64 KiB are read.
inline Reply huge(int status) {
    auto reply = Reply::text(std::string(1u << 20, 'x'), status);
    reply.repeat = 1024;
    return reply;
}

}  // namespace nudged::tests
