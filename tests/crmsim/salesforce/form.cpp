// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/form.hpp"

#include "connectors/base/text.hpp"

#include <charconv>

namespace nudged::crmsim::salesforce {
namespace {

std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte = 0;
        const char* hex = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(hex, hex + 2, byte, 16).ptr == hex + 2) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

}  // namespace

std::map<std::string, std::string> parse_form(std::string_view body) {
    std::map<std::string, std::string> form;
    for (const std::string_view pair : split(body, '&')) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        form[decode(pair.substr(0, equals))] = decode(pair.substr(equals + 1));
    }
    return form;
}

}  // namespace nudged::crmsim::salesforce
