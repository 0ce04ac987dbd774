// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/capture.hpp"
#include "connectors/sources/recording/places.hpp"
#include "connectors/sources/recording/recorded.hpp"
#include "connectors/sources/recording/tree.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::recording {

/// Stands for every secret.
inline constexpr std::string_view redacted = "REDACTED";

/// What became of the texts of all answers.
struct Kept {
    std::size_t ids = 0;
    std::size_t choices = 0;
    std::size_t values = 0;
    std::size_t pages = 0;  // tokens and links of pages
    std::size_t words = 0;  // that stand in the manifest
    std::size_t replaced = 0;
};

/// Makes exchanges fit to be shown to others. Credentials, cookies and tokens are left out. In
/// bodies numbers are kept, dates, ids, choices, and words of the manifest; every other text
/// becomes a placeholder, the same for the same text, so that what belongs together still does. One
/// per recording: requests are to come after the answers that they repeat texts of.
class Sanitizer {
public:
    /// `secrets`: texts that no file may hold, whatever place they would come by.
    Sanitizer(const Manifest& manifest, std::vector<std::string> secrets, std::string salt);

    Recorded sanitize(const net::Exchanged& exchange);
    /// The same without placeholders, for oneself: credentials and cookies are still left out.
    Recorded strip(const net::Exchanged& exchange);

    const Kept& kept() const { return kept_; }

private:
    static void hide_host(std::string& text, const std::string& url);
    void learn_secrets(const net::Exchanged& exchange);
    std::string without_secrets(std::string text) const;
    net::Headers shown_headers(const net::Headers& headers) const;
    Recorded outline(const net::Exchanged& exchange) const;

    std::string answer(const std::string& body);
    void replace(Tree& tree, const json::Value& place, const Roles& roles, const Role* from_above);
    void replace_text(std::string& text, const Role* role);
    bool keeps(const std::string& text, const Role* role);
    std::string stand_in(const std::string& text);

    std::string asked_target(const std::string& target) const;
    std::string asked_body(const std::string& body) const;
    void repeat(Tree& tree) const;
    std::string repeated(const std::string& text) const;

    std::set<std::string, std::less<>> words_;
    std::set<std::string, std::less<>> header_names_;  // that the manifest reads
    std::set<std::string> secrets_;
    std::set<std::string, std::less<>> ids_;
    std::map<std::string, std::string, std::less<>> replaced_;
    std::map<std::string, std::string, std::less<>> repeated_;  // of these, the ids
    const Manifest& manifest_;
    std::string salt_;
    Kept kept_;
};

}  // namespace nudged::sources::recording
