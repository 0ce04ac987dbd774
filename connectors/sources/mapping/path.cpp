// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/mapping/json.hpp"

#include <algorithm>
#include <charconv>
#include <span>

namespace nudged::sources::json {
namespace {

using Step = Path::Step;
using Steps = std::span<const Step>;

std::string unescaped(std::string_view step) {
    std::string plain;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1'))
            plain += step[++i] == '0' ? '~' : '/';
        else
            plain += step[i];
    }
    return plain;
}

std::optional<Step> step_of(std::string_view text) {
    if (text == "*") return Step{.kind = Step::Kind::each, .name = {}, .value = {}};
    const auto equals = text.find('=');
    if (text.starts_with('[') && equals != std::string_view::npos) {
        if (!text.ends_with(']')) return std::nullopt;
        return Step{.kind = Step::Kind::matching,
                    .name = unescaped(text.substr(1, equals - 1)),
                    .value = unescaped(text.substr(equals + 1, text.size() - equals - 2))};
    }
    Step step{.kind = Step::Kind::member, .name = unescaped(text), .value = {}};
    unsigned index = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, index);
    if (error == std::errc{} && stop == end) step.index = index;
    return step;
}

const Value* child(const Value& node, const Step& step) {
    if (node.IsObject()) {
        const auto member = node.FindMember(step.name);
        return member == node.MemberEnd() ? nullptr : &member->value;
    }
    return node.IsArray() && step.index && *step.index < node.Size() ? &node[*step.index] : nullptr;
}

bool matches(const Value& element, const Step& step) {
    if (step.kind == Step::Kind::each) return true;
    if (!element.IsObject()) return false;
    const auto member = element.FindMember(step.name);
    return member != element.MemberEnd() && scalar(&member->value) == step.value;
}

/// Whatever one step leads to, with its name where an object holds it, until `use` says that it is
/// enough. Says whether it did.
template <typename Use>
bool any_of_step(const Value& node, const Step& step, const Use& use) {
    if (step.kind == Step::Kind::member) {
        const Value* next = child(node, step);
        return next && use(*next, nullptr);
    }
    if (node.IsArray()) {
        for (const auto& element : node.GetArray())
            if (matches(element, step) && use(element, nullptr)) return true;
    } else if (node.IsObject()) {
        for (const auto& member : node.GetObject())
            if (matches(member.value, step) && use(member.value, &member.name)) return true;
    }
    return false;
}

const Value* first_under(const Value& node, Steps steps) {
    if (steps.empty()) return node.IsNull() ? nullptr : &node;
    const Value* found = nullptr;
    any_of_step(node, steps.front(), [&](const Value& next, const Value*) {
        found = first_under(next, steps.subspan(1));
        return found != nullptr;
    });
    return found;
}

void each_under(const Located& at, Steps steps, const std::function<void(const Located&)>& use) {
    const Value& node = at.element;
    if (steps.empty()) {
        if (node.IsObject()) use(at);
        if (!node.IsArray()) return;
        for (const auto& element : node.GetArray()) use({element, at.parent});
        return;
    }
    const bool picks = steps.front().kind != Step::Kind::member;
    any_of_step(node, steps.front(), [&](const Value& next, const Value* key) {
        each_under({next, picks ? next : at.parent, key}, steps.subspan(1), use);
        return false;
    });
}

void each_value_under(const Value& node, Steps steps,
                      const std::function<void(const Value& value)>& use) {
    if (steps.empty()) {
        use(node);
        return;
    }
    any_of_step(node, steps.front(), [&](const Value& next, const Value*) {
        each_value_under(next, steps.subspan(1), use);
        return false;
    });
}

}  // namespace

std::optional<Path> Path::parse(std::string_view text) {
    Path path;
    path.is_key_ = text == "@key";
    if (path.is_key_) return path;
    if (text.starts_with("../")) {
        path.from_parent_ = true;
        text.remove_prefix(2);
    }
    if (text.empty()) return path;
    if (text.front() != '/') return std::nullopt;
    for (const auto part : split(text.substr(1), '/')) {
        auto step = step_of(part);
        if (!step) return std::nullopt;
        path.steps_.push_back(std::move(*step));
    }
    return path;
}

const Value* Path::find(const Value& root, const Value* parent, const Value* key) const {
    if (is_key_) return key;
    if (!from_parent_) return first_under(root, steps_);
    return parent ? first_under(*parent, steps_) : nullptr;
}

bool Path::is_single() const {
    return std::ranges::all_of(steps_,
                               [](const Step& step) { return step.kind == Step::Kind::member; });
}

bool Path::holds_list(const Value& root) const {
    const Value* node = &root;
    for (const auto& step : steps_) {
        if (step.kind != Step::Kind::member) break;
        node = child(*node, step);
        if (!node) return false;
    }
    return is_compound(node);
}

void Path::each_value(const Value& root, const std::function<void(const Value& value)>& use) const {
    each_value_under(root, steps_, use);
}

void Path::each_element(
    const Value& root,
    const std::function<void(const Value& element, const Value& parent)>& use) const {
    each_located(root, [&](const Located& row) { use(row.element, row.parent); });
}

void Path::each_located(const Value& root, const std::function<void(const Located&)>& use) const {
    each_under({root, root}, steps_, use);
}

std::string Path::name_after(const Path& prefix, std::string_view join) const {
    const auto& start = prefix.steps_;
    if (from_parent_ || steps_.size() <= start.size()) return {};
    if (!std::equal(start.begin(), start.end(), steps_.begin())) return {};
    std::string name;
    for (auto step = steps_.begin() + static_cast<long>(start.size()); step != steps_.end();
         ++step) {
        if (!name.empty()) name += join;
        name += step->kind == Step::Kind::matching ? step->value : step->name;
        if (join.empty()) break;
    }
    return name;
}

}  // namespace nudged::sources::json
