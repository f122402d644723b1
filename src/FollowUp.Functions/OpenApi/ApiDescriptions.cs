using Microsoft.OpenApi;

namespace FollowUp.Functions.OpenApi;

/// <summary>
/// What the API's description says of one class of functions. It stands beside that class; the document finds it by reflection. A test fails for a
/// function under <c>api/</c> that no class describes, and for a description of a function that is not there.
/// </summary>
internal abstract class ApiDescriptions
{
    /// <summary>The heading that the functions stand under.</summary>
    public abstract string Tag { get; }

    /// <summary>What that heading is about, in a sentence.</summary>
    public abstract string About { get; }

    public abstract IReadOnlyList<FunctionDescription> Functions { get; }

    /// <summary>Schemas that several functions use, by name; <see cref="Schema.Named"/> refers to one.</summary>
    public virtual IReadOnlyDictionary<string, OpenApiSchema> Schemas => new Dictionary<string, OpenApiSchema>();

    /// <summary>What parameters of routes are, by name, beyond those that <see cref="RouteParameters"/> knows.</summary>
    public virtual IReadOnlyDictionary<string, (OpenApiSchema Schema, string Example)> Parameters =>
        new Dictionary<string, (OpenApiSchema, string)>();

    /// <summary>Those of an assembly.</summary>
    public static IReadOnlyList<ApiDescriptions> All { get; } =
    [
        .. typeof(ApiDescriptions).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ApiDescriptions)) && !type.IsAbstract)
            .Select(type => (ApiDescriptions)Activator.CreateInstance(type)!)
            .OrderBy(descriptions => descriptions.Tag, StringComparer.Ordinal),
    ];
}
