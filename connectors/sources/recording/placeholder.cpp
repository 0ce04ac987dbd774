// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/recording/placeholder.hpp"

#include "connectors/base/crypto.hpp"

#include <cstdint>

namespace nudged::sources::recording {
namespace {

/// As many bytes as are wanted, which the text and the salt decide.
class Bytes {
public:
    Bytes(std::string_view text, std::string_view salt)
        : block_(crypto::hmac(crypto::Digest::sha256, salt, text)), salt_(salt) {}

    unsigned next() {
        if (at_ == block_.size()) {
            block_ = crypto::hmac(crypto::Digest::sha256, salt_, block_);
            at_ = 0;
        }
        return static_cast<unsigned char>(block_[at_++]);
    }

private:
    std::string block_;
    std::string_view salt_;
    std::size_t at_ = 0;
};

bool is_between(char c, char low, char high) {
    return low <= c && c <= high;
}

std::string scramble(std::string_view text, Bytes& bytes) {
    std::string out;
    for (const char c : text) {
        const bool is_first_of_wide = (c & 0xC0) == 0xC0;
        const bool is_rest_of_wide = (c & 0xC0) == 0x80;
        if (is_rest_of_wide) continue;
        if (is_between(c, '0', '9'))
            out += static_cast<char>('0' + bytes.next() % 10);
        else if (is_between(c, 'A', 'Z'))
            out += static_cast<char>('A' + bytes.next() % 26);
        else if (is_between(c, 'a', 'z') || is_first_of_wide)
            out += static_cast<char>('a' + bytes.next() % 26);
        else
            out += c;
    }
    return out;
}

}  // namespace

std::string placeholder_for(std::string_view text, std::string_view salt) {
    Bytes bytes{text, salt};
    if (text.starts_with("http://") || text.starts_with("https://"))
        return "https://" + scramble("aaaaaaaaaaaa", bytes) + ".example/";
    const auto at = text.find('@');
    const bool is_email = at != std::string_view::npos && at > 0 &&
                          text.find_first_of(" @", at + 1) == std::string_view::npos &&
                          text.find(' ') == std::string_view::npos;
    if (!is_email) return scramble(text, bytes);
    const auto host = text.substr(at + 1);
    return scramble(text.substr(0, at), bytes) + "@" +
           scramble(host.substr(0, host.rfind('.')), bytes) + ".example";
}

}  // namespace nudged::sources::recording
