// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/template_file.hpp"

#include "connectors/base/text.hpp"
#include "daemon/alerts/lint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace nudged::config {
namespace {

constexpr std::string_view check_prefix = "check.";

const alerts::ShippedText* find_shipped(std::string_view key) {
    for (const auto& text : alerts::shipped_texts())
        if (text.key == key) return &text;
    return nullptr;
}

/// "opp.idle" of "check.opp.idle.text"; empty for any other key.
std::string_view check_of(std::string_view key) {
    if (!key.starts_with(check_prefix)) return {};
    key.remove_prefix(check_prefix.size());
    for (const std::string_view word : {".text", ".question"})
        if (key.ends_with(word)) return key.substr(0, key.size() - word.size());
    return {};
}

/// The facts that a text may use: those that its line uses as it ships, and those that a remark in
/// it names.
std::set<std::string> facts_of(const alerts::ShippedText& shipped) {
    std::string none;
    std::set<std::string> facts;
    const auto names = alerts::names_in(std::string{shipped.text}, none);
    for (const auto& name : names.value()) {
        facts.insert(name);
        facts.insert(name + "_one");
    }
    constexpr std::string_view remark = "{{! also ";
    if (const auto begin = shipped.text.find(remark); begin != shipped.text.npos) {
        const auto words = shipped.text.substr(begin + remark.size());
        for (const auto word : split(words.substr(0, words.find(" }}")), ' ')) facts.emplace(word);
    }
    return facts;
}

/// What a template says by itself.
std::string without_tags(std::string text) {
    for (auto at = text.find("{{"); at != text.npos; at = text.find("{{", at))
        text.erase(at, text.find("}}", at) + 2 - at);
    return text;
}

class TemplateReader {
public:
    TemplateReader(const Spot& spot, const std::string& language,
                   const std::vector<std::string>& checks, alerts::Texts& texts)
        : spot_(spot), is_english_(language.starts_with("en")), checks_(checks), texts_(texts) {}

    void read(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, node] : table) {
            const auto dotted = prefix + std::string{key.str()};
            if (const auto* inner = node.as_table())
                read(*inner, dotted + ".");
            else
                take(dotted, node);
        }
    }

private:
    void take(const std::string& key, const toml::node& node) {
        const auto text = node.value<std::string>();
        if (!node.is_string() || !text) {
            error(node, fmt::format("\"{}\" must be a text", key), "write it in quotes");
            return;
        }
        if (!is_known(key, node) || !is_template(key, *text, node)) return;
        lint(key, *text, node);
        texts_.set(key, *text);
    }

    bool is_known(const std::string& key, const toml::node& node) {
        if (find_shipped(key)) return true;
        const auto check = check_of(key);
        if (!check.empty()) {
            if (std::find(checks_.begin(), checks_.end(), check) != checks_.end()) return true;
            error(node, fmt::format("there is no check \"{}\"", check),
                  suggestion(check, checks_, "`nudged checks list` shows those that there are"));
            return false;
        }
        std::vector<std::string> known;
        for (const auto& shipped : alerts::shipped_texts()) known.emplace_back(shipped.key);
        error(node, fmt::format("no message has a text \"{}\"", key),
              suggestion(key, known, "en.toml, as it ships, has all that there are"));
        return false;
    }

    bool is_template(const std::string& key, const std::string& text, const toml::node& node) {
        std::string why;
        const auto names = alerts::names_in(text, why);
        if (!names) {
            error(node, fmt::format("\"{}\" is no template: {}", key, why),
                  "every {{#name}} ends with {{/name}}");
            return false;
        }
        const auto* shipped = find_shipped(key);
        if (!shipped) return true;  // of a check: its evidence says which facts there are
        const auto facts = facts_of(*shipped);
        bool is_good = true;
        for (const auto& name : *names) {
            if (facts.contains(name)) continue;
            error(node, fmt::format("\"{}\" has no fact \"{}\"", key, name),
                  facts.empty() ? "it has none" : fmt::format("it has {}", fmt::join(facts, ", ")));
            is_good = false;
        }
        return is_good;
    }

    void lint(const std::string& key, const std::string& text, const toml::node& node) {
        if (!is_english_) return;
        const auto said = without_tags(text);
        auto complaints = alerts::lint_words(said, false);
        if (!check_of(key).empty() && key.ends_with(".question"))
            for (auto& complaint : alerts::lint_question(said))
                complaints.push_back(std::move(complaint));
        for (const auto& complaint : complaints)
            spot_.reading.problems.warning(spot_.place(node),
                                           fmt::format("\"{}\": {}", key, complaint),
                                           "a text tells what happened and asks");
    }

    static std::string suggestion(std::string_view word, const std::vector<std::string>& known,
                                  std::string_view otherwise) {
        auto near = suggest(word, known);
        return near.empty() ? std::string{otherwise} : near;
    }

    void error(const toml::node& node, std::string what, std::string remedy) {
        spot_.reading.problems.error(spot_.place(node), std::move(what), std::move(remedy));
    }

    const Spot& spot_;
    bool is_english_;
    const std::vector<std::string>& checks_;
    alerts::Texts& texts_;
};

}  // namespace

void read_template_file(const toml::table& table, const Spot& spot, const std::string& language,
                        const std::vector<std::string>& checks, alerts::Catalogue& catalogue) {
    TemplateReader{spot, language, checks, catalogue.open(language)}.read(table, "");
}

}  // namespace nudged::config
