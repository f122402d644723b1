using System.Reflection;

namespace FollowUp.Core.CarePlans;

/// <summary>Care plans by id and version. Old versions stay in it for as long as sessions are pinned to them.</summary>
public sealed class CarePlanCatalogue
{
    private const string ResourcePrefix = "CarePlans/";

    private static readonly Lazy<CarePlanCatalogue> BuiltInPlans = new(ReadBuiltIn);

    private readonly Dictionary<string, List<CarePlan>> versions = new(StringComparer.Ordinal);

    /// <summary>Makes a catalogue.</summary>
    /// <exception cref="ArgumentException">The same version of a plan is there twice.</exception>
    public CarePlanCatalogue(IEnumerable<CarePlan> plans)
    {
        ArgumentNullException.ThrowIfNull(plans);
        Plans = [.. plans.OrderBy(plan => plan.Id, StringComparer.Ordinal).ThenBy(plan => plan.Version)];
        foreach (CarePlan plan in Plans)
        {
            if (!versions.TryGetValue(plan.Id, out List<CarePlan>? known))
            {
                versions[plan.Id] = known = [];
            }

            if (known.Exists(other => other.Version == plan.Version))
            {
                throw new ArgumentException($"The plan '{plan.Id}' has version {plan.Version} twice.", nameof(plans));
            }

            known.Add(plan);
        }
    }

    /// <summary>The plans that FollowUp ships.</summary>
    public static CarePlanCatalogue BuiltIn => BuiltInPlans.Value;

    /// <summary>Every version of every plan, sorted by id and then version.</summary>
    public IReadOnlyList<CarePlan> Plans { get; }

    /// <summary>A plan, in its newest version if none is named. Null if there is no such plan or version. Ids are compared letter for letter.</summary>
    public CarePlan? Find(string id, int? version = null) =>
        versions.TryGetValue(id, out List<CarePlan>? known)
            ? known.FindLast(plan => version is null || plan.Version == version)
            : null;

    private static CarePlanCatalogue ReadBuiltIn()
    {
        Assembly assembly = typeof(CarePlanCatalogue).Assembly;
        IEnumerable<string> names = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal));
        return new CarePlanCatalogue(names.Select(name => ReadResource(assembly, name)).ToList());
    }

    private static CarePlan ReadResource(Assembly assembly, string name)
    {
        using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
        return CarePlanReader.Read(reader.ReadToEnd(), name[ResourcePrefix.Length..]);
    }
}
