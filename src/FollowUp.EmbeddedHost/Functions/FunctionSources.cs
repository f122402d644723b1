using System.Reflection;
using Microsoft.Azure.Functions.Worker.Builder;

namespace FollowUp.EmbeddedHost.Functions;

/// <summary>Where the host looks for functions, when that is not the entry assembly and what it references.</summary>
public static class FunctionSources
{
    /// <summary>Serves the functions of these assemblies and no others.</summary>
    public static FunctionsApplicationBuilder UseFunctionAssemblies(this FunctionsApplicationBuilder builder, params Assembly[] assemblies)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(assemblies);
        return builder.UseFunctionTypes([.. assemblies.SelectMany(assembly => assembly.GetTypes())]);
    }

    /// <summary>Serves the functions of these types and no others.</summary>
    public static FunctionsApplicationBuilder UseFunctionTypes(this FunctionsApplicationBuilder builder, params Type[] types)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(types);
        builder.Properties[typeof(FunctionSources)] = types;
        return builder;
    }

    /// <summary>The types chosen, or those of the entry assembly and of the assemblies behind it that know this host.</summary>
    internal static IEnumerable<Type> Types(IDictionary<object, object> properties)
        => properties.TryGetValue(typeof(FunctionSources), out object? chosen)
            ? (IReadOnlyList<Type>)chosen
            : AppAssemblies().SelectMany(assembly => assembly.GetTypes());

    private static IEnumerable<Assembly> AppAssemblies()
    {
        Assembly host = typeof(FunctionSources).Assembly;
        var queue = new Queue<Assembly>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { host.GetName().Name! };
        if (Assembly.GetEntryAssembly() is { } entry)
        {
            queue.Enqueue(entry);
            seen.Add(entry.GetName().Name!);
        }

        while (queue.TryDequeue(out Assembly? assembly))
        {
            AssemblyName[] references = assembly.GetReferencedAssemblies();
            if (references.Any(reference => reference.Name == host.GetName().Name))
            {
                yield return assembly;
            }

            // The framework's own assemblies cannot know this host; loading them all would only cost time.
            foreach (AssemblyName reference in references)
            {
                bool framework = reference.Name!.StartsWith("System.", StringComparison.Ordinal)
                    || reference.Name.StartsWith("Microsoft.", StringComparison.Ordinal);
                if (!framework && seen.Add(reference.Name))
                {
                    queue.Enqueue(Assembly.Load(reference));
                }
            }
        }
    }
}
