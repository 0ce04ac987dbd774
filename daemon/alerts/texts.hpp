// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::alerts {

/// What a text is filled with, by the names that its template uses. A fact that is empty counts as
/// absent; one that says "1" brings a second one, NAME_one, so that a template can choose between
/// "1 deal" and "2 deals".
using Facts = std::vector<std::pair<std::string, std::string>>;

/// A text that ships: its key, and the English.
struct ShippedText {
    std::string_view key;
    std::string_view text;
};
/// Those of config/templates/en.toml, as they were when nudged was built.
std::span<const ShippedText> shipped_texts();

/// The words of messages in one language: mustache templates by key. What they make is plain text,
/// like all of a model::Message; each channel escapes for itself, so that a template knows no
/// markup, and a value of a CRM is never read as a template. A value; safe to share.
class Texts {
public:
    /// Those that ship.
    Texts();

    bool has(std::string_view key) const { return by_key_.find(key) != by_key_.end(); }
    void set(std::string key, std::string text) {
        by_key_.insert_or_assign(std::move(key), std::move(text));
    }
    const std::map<std::string, std::string, std::less<>>& all() const { return by_key_; }

    /// The text of a key that ships, filled.
    std::string fill(std::string_view key, const Facts& facts = {}) const;
    /// The text of a key that only an admin can have written; nullopt when there is none.
    std::optional<std::string> find(std::string_view key, const Facts& facts) const;

    /// Whole where it is whole, else one decimal: "1,234", "41.5".
    std::string number(double value) const;
    std::string number(std::size_t value) const { return number(static_cast<double>(value)); }
    std::string percent(double share) const;                       // "81 %"
    std::string date(std::chrono::local_days day) const;           // "30 Nov 2026"
    std::string long_date(std::chrono::local_days day) const;      // "Monday 30 November 2026"
    std::string weekday(std::chrono::local_days day) const;        // "Mon"
    std::string clock(std::chrono::minutes since_midnight) const;  // "07:55"
    /// "Ana, Ben and Cleo".
    std::string list(const std::vector<std::string>& names) const;

private:
    std::string date_as(std::string_view key, std::chrono::local_days day) const;

    std::map<std::string, std::string, std::less<>> by_key_;
};

/// The languages that there are.
class Catalogue {
public:
    /// Of the language itself, else of the one that it is a kind of ("en" for "en-US"), else the
    /// English that ships.
    const Texts& in(std::string_view language) const;
    bool has(std::string_view language) const;
    /// What to lay a language's own texts over.
    Texts& open(const std::string& language);

private:
    std::map<std::string, Texts, std::less<>> languages_{{"en", Texts{}}};
};

/// The names that a template uses; nullopt and `why` for one that is none.
std::optional<std::vector<std::string>> names_in(const std::string& text, std::string& why);

/// "last touch" as a template's name for it: "last_touch".
std::string fact_name(std::string_view label);

}  // namespace nudged::alerts
