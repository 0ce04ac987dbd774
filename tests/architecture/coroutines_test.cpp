// SPDX-License-Identifier: Apache-2.0
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

/// Comments and the contents of literals blanked, lines kept.
std::string without_literals(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "//") == 0) {
            while (i < text.size() && text[i] != '\n') ++i;
            if (i < text.size()) out += '\n';
        } else if (text.compare(i, 2, "/*") == 0) {
            for (; i < text.size() && text.compare(i, 2, "*/") != 0; ++i)
                if (text[i] == '\n') out += '\n';
            ++i;
        } else if (text.compare(i, 2, "R\"") == 0) {
            const auto open = text.find('(', i);
            const auto end = ")" + text.substr(i + 2, open - i - 2) + "\"";
            const auto close = std::min(text.find(end, open), text.size() - end.size());
            for (; i < close; ++i)
                if (text[i] == '\n') out += '\n';
            i = close + end.size() - 1;
            out += "\"\"";
        } else if (text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i)
                if (text[i] == '\\') ++i;
            out += "\"\"";
        } else {
            out += text[i];
        }
    }
    return out;
}

/// Lines on which a co_await expression makes a braced aggregate, or a lambda that captures copies,
/// in place: g++ 12 destroys those twice.
std::vector<int> hazards(const std::string& raw) {
    const auto text = without_literals(raw);
    static const std::regex sound{R"(^\[\s*(?:this|&[^\]]*)?\s*\]\s*(?:\([^)]*\))?[^{;,()]*\{)"};
    static const std::regex unsafe{R"(\{|\[\s*(=|[A-Za-z_]\w*\s*(=|,|\])))"};
    std::vector<int> lines;
    for (auto at = text.find("co_await"); at != std::string::npos;
         at = text.find("co_await", at + 1)) {
        std::string expression;
        int depth = 0;
        for (auto i = at + 8; i < text.size(); ++i) {
            std::smatch match;
            const auto rest = text.substr(i, 200);
            if (text[i] == '[' && std::regex_search(rest, match, sound)) {
                int braces = 1;
                for (i += static_cast<std::size_t>(match.length()); i < text.size() && braces > 0;
                     ++i)
                    braces += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
                --i;
                continue;
            }
            if (std::string_view{"([{"}.find(text[i]) != std::string_view::npos) ++depth;
            if (std::string_view{")]}"}.find(text[i]) != std::string_view::npos && --depth < 0)
                break;
            if (text[i] == ';' && depth == 0) break;
            expression += text[i];
        }
        if (std::regex_search(expression, unsafe))
            lines.push_back(1 + static_cast<int>(std::count(
                                    text.begin(), text.begin() + static_cast<long>(at), '\n')));
    }
    return lines;
}

}  // namespace

TEST_CASE("the search for unsafe co_await expressions finds what it is meant to find") {
    CHECK(hazards("co_await f(Options{1, 2});").size() == 1);
    CHECK(hazards("co_await f([x = 1] { return x; });").size() == 1);
    CHECK(hazards("co_await f([value] { return value; });").size() == 1);
    CHECK(hazards("co_await on(workers, [&] { return decode({1}); });").empty());
    CHECK(hazards("co_await on(workers, [this] { run(); });").empty());
    CHECK(hazards("if (co_await f(x)) { g({}); }").empty());
}

TEST_CASE("no co_await expression makes what g++ 12 would destroy twice") {
    for (const auto* top : {"connectors", "daemon", "tests"})
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path{NUDGED_SOURCE_DIR} / top)) {
            const auto extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp") continue;
            if (entry.path().filename() == "coroutines_test.cpp") continue;
            std::ifstream in(entry.path());
            const std::string text{std::istreambuf_iterator<char>(in), {}};
            for (const int line : hazards(text)) FAIL_CHECK(entry.path().string() << ":" << line);
        }
}
