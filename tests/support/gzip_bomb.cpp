// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gzip_bomb.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

namespace nudged::tests {

Reply gzip_bomb(int mebibytes) {
    const std::string zeros(1u << 20, '\0');
    std::string block(zeros.size() + 1024, '\0');
    boost::beast::zlib::deflate_stream deflate;
    boost::beast::zlib::z_params piece;
    piece.next_in = zeros.data();
    piece.avail_in = zeros.size();
    piece.next_out = block.data();
    piece.avail_out = block.size();
    boost::system::error_code ignored;
    deflate.write(piece, boost::beast::zlib::Flush::full, ignored);
    block.resize(piece.total_out);
    std::string body("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
    for (int n = 0; n < mebibytes; ++n) body += block;
    auto reply = Reply::text(std::move(body));
    reply.headers.emplace_back("Content-Encoding", "gzip");
    return reply;
}

}  // namespace nudged::tests
