// The objects that handlers depend on, by type: given once at the composition root, injected by
// Dep.
#pragma once

#include <optional>
#include <string>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

namespace web {

class Dependencies {
public:
    /// Registers the object for its type (an interface, usually). It outlives the application.
    template <class T>
    void provide(T& object) {
        objects_.emplace_back(typeid(T), &object);
    }

    /// The object registered last, so a test can override one; nullptr without any.
    template <class T>
    [[nodiscard]] T* find() const noexcept {
        return static_cast<T*>(find(typeid(T)));
    }

    [[nodiscard]] bool has(std::type_index type) const noexcept { return find(type) != nullptr; }

private:
    // A handful of entries: a linear search beats a map.
    [[nodiscard]] void* find(std::type_index type) const noexcept {
        for (auto entry = objects_.rbegin(); entry != objects_.rend(); ++entry) {
            if (entry->first == type) return entry->second;
        }
        return nullptr;
    }

    std::vector<std::pair<std::type_index, void*>> objects_;
};

}  // namespace web
