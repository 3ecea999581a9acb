// Finds the route of a request: a tree of path segments, built once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <web/router.hpp>

namespace web {

class RouteTable {
public:
    /// Indexes into `routes`, which outlives the table and does not move. Throws std::logic_error
    /// when two routes serve the same method and path, or a path is malformed.
    explicit RouteTable(const std::vector<Route>& routes);

    struct Match {
        /// The route, or nullptr: with `allowed` empty no route has this path (404), else only
        /// other methods do (405).
        const Route* route = nullptr;
        std::vector<Method> allowed;
        std::vector<std::pair<std::string_view, std::string>> parameters;
        bool malformed = false;  ///< a segment cannot be percent-decoded: 400
    };

    /// HEAD is served by GET's route (RFC 9110, section 9.3.2).
    [[nodiscard]] Match find(Method method, std::string_view path) const;

private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
        std::unique_ptr<Node> parameter;
        std::unique_ptr<Node> rest;  // {*name}: a leaf
        std::vector<std::pair<Method, const Route*>> routes;
    };

    void insert(const Route& route);
    [[nodiscard]] const Node* descend(const Node& node, std::string_view path) const;

    Node root_;
};

}  // namespace web
