// The store. Entra sign-in alone: there is no password. The database and the app's role in it are made by scripts/postprovision.sh, because
// PostgreSQL makes roles by SQL only.

@description('Name of the PostgreSQL server.')
param name string

@description('Region of the server.')
param location string

@description('Tags of the server.')
param tags object

@description('Compute tier: Burstable, GeneralPurpose or MemoryOptimized.')
param tier string

@description('Compute size, such as Standard_B2s.')
param sku string

@description('Storage in GB; it grows by itself.')
param storageGB int

@description('High availability: Disabled, SameZone or ZoneRedundant.')
param highAvailability string

@description('Days for which the server can be restored to any point in time, 7 to 35.')
@minValue(7)
@maxValue(35)
param backupDays int

@description('Whether backups are kept in the paired region too: Enabled or Disabled. Cannot be changed later.')
param geoBackup string

@description('Whether the server answers to its private endpoint alone.')
param privateNetworking bool

@description('Entra object id of the administrator of the server, who makes the app\'s role.')
param administratorObjectId string

@description('Name of the administrator as Entra knows it: the user principal name of a person, the display name of an application or group.')
param administratorName string

@description('Kind of the administrator.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param administratorType string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    tier: tier
  }
  properties: {
    version: '17'
    createMode: 'Default'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: storageGB
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupDays
      geoRedundantBackup: geoBackup
    }
    highAvailability: {
      mode: highAvailability
    }
    network: {
      publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    }
    maintenanceWindow: {
      // Sunday, 09:00 to 10:00 UTC: night in the Americas, and few texts fall due.
      customWindow: 'Enabled'
      dayOfWeek: 0
      startHour: 9
      startMinute: 0
    }
  }
}

resource administrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: server
  name: administratorObjectId
  properties: {
    principalName: administratorName
    principalType: administratorType
    tenantId: tenant().tenantId
  }
}

// Both are the service's own defaults; they are here so that nobody lowers them unseen.
resource requireTls 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = {
  parent: server
  name: 'require_secure_transport'
  properties: {
    value: 'on'
    source: 'user-override'
  }
  dependsOn: [administrator]
}

resource leastTls 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = {
  parent: server
  name: 'ssl_min_protocol_version'
  properties: {
    value: 'TLSv1.2'
    source: 'user-override'
  }
  dependsOn: [requireTls]
}

// An app on Flex Consumption without a network of its own has no address that could be listed. This lets Azure's addresses through, other
// customers' among them: what keeps these out is Entra. Private networking closes it.
resource azureAddresses 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = if (!privateNetworking) {
  parent: server
  name: 'azure'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
  dependsOn: [leastTls]
}

output id string = server.id
output name string = server.name
output host string = server.properties.fullyQualifiedDomainName
output administratorName string = administratorName
