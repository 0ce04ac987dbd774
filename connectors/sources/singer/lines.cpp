// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/lines.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>

namespace nudged::sources::singer {
namespace {

constexpr std::size_t max_error_line = 64 * 1024;
constexpr std::size_t looked_at = 1024;
constexpr std::size_t told = 200;
constexpr std::size_t least_secret = 4;  // shorter ones would blot out half of every text

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

}  // namespace

void LineCutter::keep(std::string_view piece) {
    if (is_cut_) return;
    if (begun_.size() + piece.size() > max_bytes_) {
        is_cut_ = true;
        std::string{}.swap(begun_);
        return;
    }
    begun_ += piece;
}

void LineCutter::feed(std::string_view bytes, const Use& use) {
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        if (end == bytes.npos) {
            keep(bytes);
            return;
        }
        const auto piece = bytes.substr(0, end);
        if (begun_.empty() && !is_cut_ && piece.size() <= max_bytes_) {
            use(piece, false);
        } else {
            keep(piece);
            use(begun_, is_cut_);
        }
        begun_.clear();
        is_cut_ = false;
        bytes.remove_prefix(end + 1);
    }
}

void LineCutter::finish(const Use& use) {
    if (!begun_.empty() || is_cut_) use(begun_, is_cut_);
    begun_.clear();
    is_cut_ = false;
}

LastWords::LastWords(std::vector<std::string> secrets) : cutter_(max_error_line) {
    for (const auto& secret : secrets)
        for (const auto line : split(secret, '\n'))
            if (const auto part = trim(line); part.size() >= least_secret)
                secrets_.emplace_back(part);
    // A secret that holds another one goes first, or its rest would stand.
    std::ranges::sort(secrets_, std::greater{}, &std::string::size);
}

void LastWords::feed(std::string_view bytes) {
    cutter_.feed(bytes, [this](std::string_view line, bool is_cut) {
        if (is_cut)
            last_ = "(a very long line)";
        else if (!trim(line).empty())
            last_ = line;
    });
}

std::string LastWords::text() {
    cutter_.finish([this](std::string_view line, bool is_cut) {
        if (!is_cut && !trim(line).empty()) last_ = line;
    });
    std::string text = last_;
    for (const auto& secret : secrets_) replace_all(text, secret, "***");
    text.resize(std::min(text.size(), looked_at));
    return shorten(clean_line(text), told);
}

}  // namespace nudged::sources::singer
