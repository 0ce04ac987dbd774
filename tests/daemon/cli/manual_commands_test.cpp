// SPDX-License-Identifier: Apache-2.0
// The commands that README.md, CONTRIBUTING.md and docs/ tell people to type.
#include "tests/daemon/cli/demo_site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace nudged::tests;
namespace fs = std::filesystem;

namespace {

struct Written {
    std::string where;  // "docs/kpis.md:12"
    std::vector<std::string> words;
};

/// Words as a shell splits them; what is optional (in brackets) counts, and of alternatives the
/// first.
std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    bool is_quoted = false;
    bool is_word = false;
    for (const char c : text + " ") {
        if (c == '"') {
            is_quoted = !is_quoted;
            is_word = true;
        } else if (c == ' ' && !is_quoted) {
            if (is_word) words.push_back(word);
            word.clear();
            is_word = false;
        } else if (is_quoted || (c != '[' && c != ']')) {
            word += c;
            is_word = true;
        }
    }
    for (auto at = words.begin(); at != words.end(); ++at) {
        static const std::set<std::string> ends{"#", ">", "|", "&&", "(or", "…"};
        if (ends.contains(*at)) {
            words.erase(at, words.end());
            break;
        }
        if (const auto bar = at->find("\\|"); bar != at->npos) at->resize(bar);
    }
    return words;
}

void add_commands(std::vector<Written>& found, const std::string& name) {
    std::istringstream lines(read_file(NUDGED_SOURCE_DIR "/" + name));
    static const std::regex span{"`(?:sudo (?:-u nudged )?)?nudged ([^`]+)`"};
    // Behind two spaces a line says what its command does.
    static const std::regex typed{"^ *(?:sudo (?:-u nudged )?)?nudged ((?:[^ ]| (?! ))*).*$"};
    bool is_fenced = false;
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.find("```") != line.npos) is_fenced = !is_fenced;
        const auto where = fmt::format("{}:{}", name, number);
        std::smatch match;
        const bool is_block = is_fenced || line.starts_with("    ");
        if (is_block && std::regex_match(line, match, typed)) {
            found.push_back({where, split(match[1])});
            continue;
        }
        for (std::sregex_iterator at(line.begin(), line.end(), span), end; at != end; ++at)
            found.push_back({where, split((*at)[1])});
    }
}

std::vector<Written> written_commands() {
    std::vector<Written> found;
    add_commands(found, "README.md");
    add_commands(found, "CONTRIBUTING.md");
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(NUDGED_SOURCE_DIR "/docs"))
        if (entry.path().extension() == ".md")
            names.push_back("docs/" + entry.path().filename().string());
    std::sort(names.begin(), names.end());
    for (const auto& name : names) add_commands(found, name);
    return found;
}

/// What `--help` says of a command, asked once.
const std::string& help(const std::vector<std::string>& path) {
    static std::map<std::vector<std::string>, std::string> known;
    const auto [at, is_new] = known.try_emplace(path);
    if (is_new) {
        std::vector<std::string> command{program("nudged")};
        command.insert(command.end(), path.begin(), path.end());
        command.emplace_back("--help");
        at->second = run_program(command).output;
    }
    return at->second;
}

std::set<std::string> subcommands(const std::vector<std::string>& path) {
    const auto& text = help(path);
    std::set<std::string> names;
    const auto begin = text.find("Subcommands:");
    if (begin == text.npos) return names;
    std::istringstream lines(text.substr(begin));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line))
        if (line.starts_with("  ") && line.size() > 2 && line[2] != ' ')
            names.insert(line.substr(2, line.find(' ', 2) - 2));
    return names;
}

/// What is wrong with a command; empty: nothing.
std::string mistake(const std::vector<std::string>& words) {
    std::vector<std::string> path;
    std::size_t at = 0;
    for (; at < words.size(); ++at) {
        const auto names = subcommands(path);
        if (names.empty()) break;
        if (words[at].starts_with("-")) break;
        auto word = words[at];
        if (word.ends_with(",")) word.pop_back();
        if (word == "generate") return {};  // for packagers, and not shown
        if (!names.contains(word)) return fmt::format("\"{}\" is no command", word);
        path.push_back(word);
    }
    for (; at < words.size(); ++at) {
        if (!words[at].starts_with("--")) continue;
        const auto name = words[at].substr(0, words[at].find_first_of("=,"));
        static const std::set<std::string> everywhere{"--help", "--version", "--config"};
        if (!everywhere.contains(name) && !std::regex_search(help(path), std::regex(name + "\\b")))
            return fmt::format("{} has no {}", fmt::join(path, " "), name);
    }
    return {};
}

/// What only looks: these commands, behind an option or more where a name alone may be a mere
/// mention.
bool only_looks(const std::vector<std::string>& words) {
    static const std::set<std::string> with_options{
        "backtest", "brief",    "cadence",   "card",   "digest",    "evaluate", "funnel",
        "scrum",    "velocity", "scorecard", "status", "readiness", "route",    "explain"};
    static const std::set<std::string> in_pairs{
        "away list",       "checks list",     "checks manual",     "checks precision",
        "commit list",     "commit refused",  "config check",      "config show",
        "escalation list", "finding list",    "note list",         "outbox list",
        "plan list",       "privacy report",  "source list",       "warehouse info",
        "warehouse sql",   "warehouse views", "warehouse backups", "warehouse verify"};
    // A mention of an option alone, and of another configuration than the demo's.
    if (words.size() < 2 || words.back() == "--as" || words.back() == "sql" ||
        std::find(words.begin(), words.end(), "-c") != words.end())
        return false;
    return in_pairs.contains(words[0] + " " + words[1]) ||
           (words.size() > 2 && with_options.contains(words[0]));
}

/// The demo's own for what stands in capitals and for the documents' made-up people; "" where
/// nothing can stand for it.
std::string filled(const std::string& word, const std::string& option) {
    static const std::map<std::string, std::string> names{{"MANAGER", "mara.voss@kestrel.example"},
                                                          {"YOU", "mara.voss@kestrel.example"},
                                                          {"WHO", "ana.duarte@kestrel.example"},
                                                          {"T", "Outbound"},
                                                          {"TEAM", "Outbound"},
                                                          {"N", "4"}};
    static const std::regex placeholder{"[A-Z][A-Z=-]*"};
    const bool is_manager = option == "--to" || option == "--manager";
    if (word == "E-MAIL" || word.ends_with("@example.com"))
        return is_manager ? names.at("MANAGER") : names.at("WHO");
    if (const auto name = names.find(word); name != names.end()) return name->second;
    const bool is_open = std::regex_match(word, placeholder) || word.find("…") != word.npos ||
                         word.find("example.com") != word.npos;
    return is_open ? "" : word;
}

/// The command as it can be run on the demo without changing anything; empty: it cannot.
std::vector<std::string> runnable(const std::vector<std::string>& words) {
    if (!only_looks(words)) return {};
    std::vector<std::string> command;
    for (const auto& word : words) {
        command.push_back(filled(word, command.empty() ? "" : command.back()));
        // A record of somebody's CRM is none of the demo's.
        if (command.back().empty() || word.starts_with("hubspot/")) return {};
    }
    return command;
}

}  // namespace

TEST_CASE("every command that the documents name is there, with the options it is given") {
    const auto all = written_commands();
    CHECK(all.size() > 140);
    for (const auto& written : all) {
        INFO(written.where << ": nudged " << fmt::format("{}", fmt::join(written.words, " ")));
        CHECK(mistake(written.words) == "");
    }
    CHECK(mistake({"scorecard", "--week", "4"}) != "");
    CHECK(mistake({"commit", "ad"}) == "\"ad\" is no command");
}

TEST_CASE("what the documents tell to look at can be looked at on the demo") {
    const DemoSite site;
    std::set<std::vector<std::string>> tried;
    for (const auto& written : written_commands()) {
        const auto command = runnable(written.words);
        if (command.empty() || !tried.insert(command).second) continue;
        const auto done = site.nudged(command);
        INFO(written.where << ": nudged " << fmt::format("{}", fmt::join(command, " ")) << "\n"
                           << done.output);
        CHECK((done.status == 0 || (written.words[0] == "status" && done.status == 1)));
        CHECK_FALSE(done.output.empty());
    }
    CHECK(tried.size() >= 25);
}
